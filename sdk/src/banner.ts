/** The banner: a question, four categories, three answers of the same weight. */

import type { Category, Control, Layer, State } from "./api.ts";
import { FUNCTIONALITY, PERFORMANCE, TARGETING, bitsOf } from "./choices.ts";
import css from "./banner.css";

const ALL = PERFORMANCE | FUNCTIONALITY | TARGETING;

export interface Surroundings {
  /** The page that does the same without a script, and more. */
  centre: string;
  /** "light", "dark", or else as the reader's system has it. */
  theme: string | undefined;
  gpc: boolean;
  /** The words of the way back. */
  label(): string;
  reopen(): void;
  /** Stores a decision; whether that succeeded. */
  decide(bits: number, control: Control, layer: Layer, state: State): Promise<boolean>;
}

export interface Banner {
  /** Asks, without taking the focus. */
  ask(state: State): void;
  /** Shows the choices, and takes the focus until they are left. */
  open(state: State): void;
  /** Leaves only the way back, if the page has none of its own. */
  rest(): void;
}

const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

const button = (words: string, onclick: () => unknown, className = ""): HTMLButtonElement =>
  make("button", { type: "button", onclick, className }, words);

const createHost = ({ theme }: Surroundings): HTMLElement => {
  const host = make("div", { id: "privet-banner" });
  host.dataset.privetIgnore = "";
  // A constructed sheet needs no exception in a strict content security policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  const system = matchMedia("(prefers-color-scheme:dark)");
  host.toggleAttribute("dark", theme ? theme === "dark" : system.matches);
  return host;
};

/** A category's colour, with its name beside it. */
const named = ({ name, label }: Category): (Node | string)[] => {
  const dot = make("i");
  dot.style.borderColor = `var(--${name})`;
  return [dot, label];
};

/** `P183D` in the reader's words; a session is told by no number. */
const period = (lifetime: string, language: string): string => {
  const days = /\d+/.exec(lifetime);
  const words = { style: "unit", unit: "day", unitDisplay: "long" } as const;
  return days ? ` · ${Number(days).toLocaleString(language, words)}` : "";
};

const cookieList = ({ summary, cookies }: Category, language: string): HTMLElement =>
  make(
    "details",
    {},
    make("summary", {}, summary),
    make(
      "ul",
      {},
      ...cookies.map(({ name, says, vendor, lifetime }) =>
        make("li", {}, `${name} · ${says} · ${vendor}${period(lifetime, language)}`),
      ),
    ),
  );

export const createBanner = (around: Surroundings): Banner => {
  const { gpc } = around;
  let host: HTMLElement | undefined;
  let shown: HTMLElement | undefined;
  let opener: Element | null = null;

  /** Shows one thing or nothing, and keeps what has the focus from scrolling beneath it. */
  const show = (next?: HTMLElement): void => {
    shown?.remove();
    shown = next;
    if (next) {
      host ??= createHost(around);
      host.shadowRoot?.append(next);
      // First in the page, so that it is the first stop of the keyboard.
      if (!host.isConnected) document.body.prepend(host);
    }
    document.documentElement.style.scrollPaddingBottom = next?.role
      ? `${next.offsetHeight + 16}px`
      : "";
  };

  /** Gives the focus back to what opened the choices; the way back has been made anew. */
  const leave = (): void => {
    if (opener) (opener === host ? shown : (opener as HTMLElement))?.focus();
    opener = null;
  };

  const card = (state: State, choosing: boolean): HTMLElement => {
    const { texts, language, direction } = state.notice;
    const boxes: HTMLInputElement[] = [];
    const status = make("p", { role: "status", className: "status" });
    const signalled = ({ name }: Category): boolean => gpc && name === "targeting";

    const chip = (one: Category): HTMLElement =>
      make("li", {}, ...named(one), ` · ${(signalled(one) && texts.gpc_short) || one.summary}`);

    const row = (one: Category): HTMLElement => {
      const { name, says, cookies } = one;
      const needed = name === "necessary";
      const fixed = needed || signalled(one);
      const box = make("input", {
        type: "checkbox",
        role: "switch",
        id: name,
        disabled: fixed,
        checked: needed || (!fixed && !!state.choices[name]),
      });
      boxes.push(box);
      const more = needed ? texts.always_on : fixed && texts.gpc;
      const words = make("small", {}, more ? `${says} ${more}` : says);
      const label = make("label", {}, make("span", {}, ...named(one), words), box);
      return make("div", { className: "row" }, label, ...(cookies[0] ? [cookieList(one, language)] : []));
    };

    const answer = (words: string, control: Control, bits: () => number): HTMLElement =>
      button(words, async () => {
        status.textContent = "";
        if (await around.decide(bits(), control, choosing ? "preferences" : "banner", state)) leave();
        else status.textContent = texts.failed;
      });

    const close = (): void => {
      if (!state.decided) return open(state, false);
      rest();
      leave();
    };

    const [before = "", after = ""] = texts.body.split("{privacy}");
    const made = make(
      "div",
      {
        role: "dialog",
        className: choosing ? "choosing" : "",
        tabIndex: -1,
        ariaLabel: texts.title,
        lang: language,
        dir: direction,
      },
      make(
        "div",
        { className: "scroll" },
        choosing ? button(texts.close, close, "close") : "",
        make("h2", {}, texts.title),
        make("p", {}, before, make("a", { href: around.centre }, texts.privacy_link), after),
        ...(choosing
          ? state.categories.map(row)
          : [make("ul", { className: "chips" }, ...state.categories.map(chip))]),
      ),
      status,
      make(
        "div",
        { className: "buttons" },
        answer(texts.reject_all, "reject_all", () => 0),
        answer(texts.accept_all, "accept_all", () => ALL),
        choosing
          ? answer(texts.save, "choose", () =>
              boxes.reduce((bits, { id, checked }) => bits | bitsOf({ [id]: checked }), 0),
            )
          : button(texts.choose, () => open(state, true)),
      ),
    );
    if (choosing)
      made.onkeydown = ({ key }) => {
        // No value may come back: `false` would take the key away from the page.
        if (key === "Escape") close();
      };
    return made;
  };

  const open = (state: State, choosing: boolean): void => {
    show(card(state, choosing));
    shown?.focus();
  };
  const rest = (): void =>
    show(
      document.querySelector("[data-privet-open]")
        ? undefined
        : button(around.label(), around.reopen, "pill"),
    );

  return {
    ask: (state) => show(card(state, false)),
    open: (state) => {
      opener = document.activeElement;
      open(state, true);
    },
    rest,
  };
};
