/**
 * The choices in full: each category with its cookies, mail, sale and research, the rule of the
 * place, what is new, and the conflict with the browser's signal.
 *
 * A file of its own, which `privet.js` loads when somebody wants to choose or is asked again.
 */

import type { Category, Choice, Cookie, State, Stored } from "./api.ts";
import type { Kit } from "./banner.ts";
import { lasts } from "./lifetime.ts";
import css from "./preferences.css";

const CATEGORIES = 7;
const ALL = 63;
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Set on the element: on the first layer the sheet of this file is not there. */
const ASIDE = "margin:8px 0;padding-inline:12px;border-inline-start:3px solid var(--hedge)";

/** What is new since the last decision, or that it has expired; and which policies have changed. */
export const news = (
  { make }: Kit,
  { asks_again: again, policy_news: policies, notice: { texts } }: State,
): Node[] => {
  const lines: Node[] = policies.map(({ says, link }) => make("p", {}, make("a", { href: link }, says)));
  if (again)
    lines.unshift(
      make("b", {}, texts[again.because.includes("expiry") ? "again_expiry" : "again"]!),
      ...again.new.map(({ what, words }) =>
        make("p", {}, texts[`new_${what}`]!.replace("{name}", words)),
      ),
    );
  if (!lines[0]) return [];
  const aside = make("div", {}, ...lines);
  aside.style.cssText = ASIDE;
  return [aside];
};

/** The rule of the place: what it means at once, why it holds on asking. */
const ruleOf = ({ make }: Kit, { regime_explained: rule, notice }: State): Node[] => {
  const [meaning = "", ...reasons] = rule.words;
  const { country, source } = rule;
  const place =
    country && ` · ${new Intl.DisplayNames(notice.language, { type: "region" }).of(country.slice(0, 2))}`;
  return [
    make("p", {}, meaning),
    make(
      "details",
      {},
      make("summary", {}, notice.texts.rule! + place),
      make(
        "ul",
        {},
        ...reasons.map((words) => make("li", {}, words)),
        source ? make("li", {}, make("a", { href: source.link }, source.law)) : "",
      ),
    ),
  ];
};

const cookieList = ({ make }: Kit, { summary, cookies }: Category, notice: State["notice"]): Node => {
  const line = ({ name, says, vendor, party, lifetime }: Cookie): Node =>
    make(
      "li",
      {},
      make("b", {}, name),
      ` · ${says} `,
      make("small", {}, `${vendor} (${notice.texts[party]}) · ${lasts(lifetime, notice.language, notice.texts)}`),
    );
  return make("details", {}, make("summary", {}, summary), make("ul", {}, ...cookies.map(line)));
};

export default (kit: Kit, state: State): void => {
  const { make, button, named, frame, enter, leave, answer, bitsOf } = kit;
  const { notice, categories, asked, choices, signal } = state;
  const { texts } = notice;
  const boxes: HTMLInputElement[] = [];

  /** A yes against the browser's signal counts once it is confirmed. */
  const settle = ({ conflict }: Stored): void => {
    if (!conflict[0]) return leave();
    const against = asked.filter(({ name }) => conflict.includes(name));
    const bits = bitsOf(Object.fromEntries(conflict.map((name) => [name, true])));
    const names = against.map(({ label }) => label).join(", ");
    enter(
      frame(
        state,
        texts.conflict!,
        [make("p", { role: "alert" }, texts.conflict_says!.replace("{names}", names))],
        [
          button(texts.conflict_keep!, () => leave()),
          answer(state, texts.conflict_allow!, "choose", "preferences", bits, () => bits, undefined, true),
        ],
        () => leave(),
      ),
    );
  };

  const save = (words: string): HTMLButtonElement =>
    answer(
      state,
      words,
      "choose",
      "preferences",
      ALL,
      () => bitsOf(Object.fromEntries(boxes.map(({ id, checked }) => [id, checked]))),
      settle,
    );

  const row = (one: Category | Choice, ...more: Node[]): Node => {
    const { name, says } = one;
    const needed = name === "necessary";
    const closed = asked.some((choice) => choice.name === name && !choice.open);
    const box = make("input", {
      type: "checkbox",
      role: "switch",
      id: name,
      disabled: needed || closed,
      checked: needed || !!choices[name],
    });
    boxes.push(box);
    box.setAttribute("aria-describedby", `${name}-says`);
    const why = [
      says,
      needed && texts.always_on,
      closed && texts.closed,
      signal.honoured && bitsOf({ [name]: true }) & 20 && texts.gpc_row,
    ];
    return make(
      "div",
      { className: "row" },
      make("label", {}, make("span", {}, ...named(one.name, one.label)), box),
      make("small", { id: `${name}-says` }, why.filter(Boolean).join(" ")),
      ...more,
    );
  };

  const others = asked.filter(({ name }) => bitsOf({ [name]: true }) > CATEGORIES);
  /** One press refuses the sale, and saves the rest as it stands there. */
  const optOut = save(texts.do_not_sell!);
  optOut.addEventListener(
    "click",
    () => {
      for (const box of boxes) if (box.id === "sale_sharing") box.checked = false;
    },
    { capture: true },
  );

  enter(
    frame(
      state,
      texts.title!,
      [
        ...news(kit, state),
        kit.body(state),
        ...(signal.honoured || signal.confirmed
          ? [make("p", {}, texts[signal.honoured ? "gpc" : "gpc_confirmed"]!)]
          : []),
        ...ruleOf(kit, state),
        make("h3", {}, texts.cookies!),
        ...categories.map((one) =>
          one.cookies[0] ? row(one, cookieList(kit, one, notice)) : row(one),
        ),
        make("h3", {}, texts.beyond!),
        make("small", {}, texts.beyond_says!),
        ...others.map((one) => (one.name === "sale_sharing" ? row(one, optOut) : row(one))),
      ],
      [...kit.both(state, "preferences"), save(texts.save!)],
      () => leave(state),
    ),
  );
  const root = boxes[0]!.getRootNode() as ShadowRoot;
  root.adoptedStyleSheets = [root.adoptedStyleSheets[0]!, sheet];
};
