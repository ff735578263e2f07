/** The banner: a question, four categories, three answers of the same weight. */

import type { Category, Control, Layer, State, Stored } from "./api.ts";
import { ALL, CATEGORIES, bitsOf, narrowed } from "./choices.ts";
import type * as Preferences from "./preferences.ts";
import css from "./banner.css";

export interface Surroundings {
  /** The page that does the same without a script, and more. */
  centre: string;
  /** "light", "dark", or else as the reader's system has it. */
  theme: string | undefined;
  gpc: boolean;
  /** The words of the way back. */
  label(): string;
  reopen(): void;
  /** The file of the choices; fails where it cannot be had. */
  further(): Promise<typeof Preferences>;
  /** Stores a decision about the choices in `asked`; undefined if that failed. */
  decide(
    asked: number,
    granted: number,
    control: Control,
    layer: Layer,
    state: State,
    confirmed: boolean,
  ): Promise<Stored | undefined>;
}

/** What the file of the choices is handed, so that it needs none of this twice. */
export interface Kit {
  make: typeof make;
  button: typeof button;
  /** A category's colour, with its name beside it. */
  named(name: string, label: string): (Node | string)[];
  /** The dialog's frame; with `close` it can be left. */
  frame(
    state: State,
    title: string,
    inside: (Node | string)[],
    answers: Node[],
    close?: () => void,
  ): HTMLElement;
  /** What the notice says first, with the way to more. */
  body(state: State): HTMLElement;
  /** A button that decides, and what follows once that is stored. */
  answer(
    state: State,
    words: string,
    control: Control,
    layer: Layer,
    asked: number,
    granted: () => number,
    then?: (stored: Stored) => void,
    confirmed?: boolean,
  ): HTMLButtonElement;
  bitsOf: typeof bitsOf;
  /** Refuse and accept, which mean the same on both layers. */
  both(state: State, layer: Layer): HTMLElement[];
  /** Shows something, and gives it the focus. */
  enter(shown: HTMLElement): void;
  /** The choices are left: to the question if it is open, else to what opened them. */
  leave(state?: State): void;
}

export interface Banner {
  /** Asks, without taking the focus; with what is new for who had decided before. */
  ask(state: State): Promise<void>;
  /** Shows the choices, and takes the focus until they are left. */
  open(state: State): void;
  /** Leaves only the way back, if the page has none of its own; choices that are open stay. */
  rest(): void;
  /** Takes away choices that are open: they were another person's. */
  close(): void;
  /** The same, where nothing stands yet. */
  begin(): void;
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
  // A constructed sheet needs no exception in a strict content security policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  host.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  const system = matchMedia("(prefers-color-scheme:dark)");
  host.toggleAttribute("data-privet-ignore");
  host.toggleAttribute("dark", theme ? theme === "dark" : system.matches);
  return host;
};

const named: Kit["named"] = (name, label) => {
  const dot = make("i");
  dot.style.color = `var(--${name})`;
  return [dot, label];
};

export const createBanner = (around: Surroundings): Banner => {
  const { gpc } = around;
  // Made while the notice is on its way, so that it stands as soon as that is here.
  const host = createHost(around);
  const root = document.documentElement;
  let shown: HTMLElement | undefined;
  let opener: Element | null = null;
  const status = make("p", { role: "status" });

  /** What has the focus does not scroll beneath a dialog. To ask its height at once costs a layout. */
  const fit = new ResizeObserver(() => {
    root.style.scrollPaddingBottom = shown?.role ? `${shown.offsetHeight + 16}px` : "";
  });

  /** Shows one thing or nothing. */
  const show = (next?: HTMLElement): void => {
    shown?.remove();
    shown = next;
    if (next) {
      host.shadowRoot?.append(next);
      // Its first frame comes before what only the keyboard needs.
      setTimeout(() => fit.observe(next), 80);
      // The first stop of the keyboard, and not in what a site that changes in place replaces.
      if (!host.isConnected) root.insertBefore(host, document.body);
    }
  };

  const rest = (): void =>
    show(
      document.querySelector("[data-privet-open]")
        ? undefined
        : button(around.label(), around.reopen, "pill"),
    );

  const frame: Kit["frame"] = ({ notice }, title, inside, answers, close) => {
    status.textContent = "";
    const { texts, language, direction } = notice;
    const made = make(
      "div",
      {
        role: "dialog",
        className: close ? "choosing" : "",
        tabIndex: -1,
        ariaLabel: title,
        lang: language,
        dir: direction,
      },
      make(
        "div",
        { className: "scroll" },
        close ? button(texts.close!, close, "close") : "",
        make("h2", {}, title),
        ...inside,
      ),
      status,
      make("div", { className: "buttons" }, ...answers),
    );
    if (close)
      made.onkeydown = ({ key }) => {
        // No value may come back: `false` would take the key away from the page.
        if (key === "Escape") close();
      };
    return made;
  };

  const body: Kit["body"] = ({ notice: { texts } }) => {
    const [before = "", after = ""] = texts.body!.split("{privacy}");
    return make("p", {}, before, make("a", { href: around.centre }, texts.privacy_link!), after);
  };

  const enter: Kit["enter"] = (next) => {
    show(next);
    next.focus();
  };

  const leave: Kit["leave"] = (state) => {
    if (state && !state.decided) return enter(question(state));
    rest();
    // The way back has been made anew.
    if (opener) (opener === host ? shown : (opener as HTMLElement))?.focus();
    opener = null;
  };

  const answer: Kit["answer"] = (
    state,
    words,
    control,
    layer,
    asked,
    granted,
    then = () => leave(),
    confirmed = false,
  ) =>
    button(words, async () => {
      status.textContent = "";
      const stored = await around.decide(asked, granted(), control, layer, state, confirmed);
      if (stored) then(stored);
      else status.textContent = state.notice.texts.failed!;
    });

  const both: Kit["both"] = (state, layer) => {
    const { texts } = state.notice;
    return [
      answer(state, texts.reject_all!, "reject_all", layer, ALL, () => 0),
      answer(state, texts.accept_all!, "accept_all", layer, CATEGORIES, () =>
        narrowed(CATEGORIES, gpc),
      ),
    ];
  };

  const question = (state: State, news: Node[] = []): HTMLElement => {
    const { texts } = state.notice;
    const chip = (one: Category): HTMLElement =>
      make(
        "li",
        {},
        // One text: each more takes time to lay out.
        ...named(
          one.name,
          `${one.label} · ${gpc && one.name === "targeting" ? texts.gpc_short : one.summary}`,
        ),
      );
    return frame(
      state,
      texts.title!,
      // Why somebody is asked again is what they want to know first.
      [...news, body(state), make("ul", { className: "chips" }, ...state.categories.map(chip))],
      [...both(state, "banner"), button(texts.choose!, () => choose(state))],
    );
  };

  const kit: Kit = { make, button, named, frame, body, answer, bitsOf, both, enter, leave };

  const choose = (state: State): Promise<void> =>
    around
      .further()
      .then((file) => file.default(kit, state))
      .catch(() => location.assign(around.centre));

  /** Whether somebody is in the choices, which nothing but themselves shall close. */
  const isChoosing = (): boolean => shown?.className === "choosing";

  return {
    ask: async (state) => {
      const news = state.asks_again
        ? await around.further().then((file) => file.news(kit, state)).catch(() => [])
        : [];
      // Who leaves the choices undecided comes to the question.
      if (!isChoosing()) show(question(state, news));
    },
    open: (state) => {
      opener = document.activeElement;
      void choose(state);
    },
    rest: () => {
      if (!isChoosing()) rest();
    },
    close: () => {
      if (isChoosing()) rest();
    },
    begin: () => {
      if (!shown) rest();
    },
  };
};
