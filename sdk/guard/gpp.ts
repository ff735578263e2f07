/** The IAB's Global Privacy Platform, section 7 (usnat, version 2), as text. */

import { TARGETING } from "../src/choices.ts";

export const SALE_SHARING = 16;

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Type 3, version 1, and the sections of the string: only number 7, or none. */
const HEADER = "DBABLA";
const NO_SECTION = "DBAA";
const VERSION = 2;

const YES = 1;
const NO = 2;

/** The fields in their order, each of two bits but the version; lists stand for several. */
export const usnatOf = (choices: number, gpc: boolean): Record<string, number | number[] | boolean> => {
  const sale = choices & SALE_SHARING ? NO : YES;
  return {
    Version: VERSION,
    SharingNotice: YES,
    SaleOptOutNotice: YES,
    SharingOptOutNotice: YES,
    TargetedAdvertisingOptOutNotice: YES,
    SensitiveDataProcessingOptOutNotice: 0,
    SensitiveDataLimitUseNotice: 0,
    SaleOptOut: sale,
    SharingOptOut: sale,
    TargetedAdvertisingOptOut: choices & TARGETING ? NO : YES,
    SensitiveDataProcessing: Array<number>(16).fill(0),
    KnownChildSensitiveDataConsents: [0, 0, 0],
    PersonalDataConsents: 0,
    MspaCoveredTransaction: NO,
    MspaOptOutOptionMode: 0,
    MspaServiceProviderMode: 0,
    ...(gpc && { GpcSegmentType: 1, Gpc: true }),
  };
};

/** Bits in base64url, filled up with zeroes to whole bytes first. */
const encoded = (bits: string): string => {
  const bytes = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
  return bytes.replace(/.{1,6}/g, (six) => DIGITS[Number.parseInt(six.padEnd(6, "0"), 2)] ?? "");
};

const binary = (value: number, length: number): string => value.toString(2).padStart(length, "0");

/** The string for the choices in force; without a section where the law is another. */
export const gppString = (choices: number, gpc: boolean, applies: boolean): string => {
  if (!applies) return NO_SECTION;
  const { Version, Gpc, GpcSegmentType: _, ...fields } = usnatOf(choices, gpc);
  const pairs = Object.values(fields).flat() as number[];
  const core = binary(Version as number, 6) + pairs.map((value) => binary(value, 2)).join("");
  return `${HEADER}~${encoded(core)}${Gpc ? `.${encoded("011")}` : ""}`;
};
