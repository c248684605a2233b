// The page's colours and the signs of actions, as data: the style is written from them, and a test computes their contrast. An action is told by its
// sign and its word too, never by colour alone.

import type { Action } from "../../../engine/plan/change.ts";

/** What an action is called. */
export const words: Readonly<Record<Action, string>> = {
  delete: "destroy",
  replace: "replace",
  create: "create",
  update: "update",
  adopt: "adopt",
  rename: "rename",
  forget: "forget",
};

/** The order in which actions are counted: the heaviest first. */
export const actionOrder: readonly Action[] = ["delete", "replace", "create", "update", "adopt", "rename", "forget"];

export type ColorName =
  | "page"
  | "card"
  | "sunken"
  | "line"
  | "ink"
  | "muted"
  | "accent"
  | "onAccent"
  | "danger"
  | "dangerSoft"
  | "warn"
  | "warnSoft"
  | `${Action}`
  | `${Action}Soft`;

export const themes: Readonly<Record<"light" | "dark", Readonly<Record<ColorName, string>>>> = {
  light: {
    page: "#f6f7f9",
    card: "#ffffff",
    sunken: "#f0f2f5",
    line: "#d9dde4",
    ink: "#171b22",
    muted: "#566070",
    accent: "#3451c7",
    onAccent: "#ffffff",
    danger: "#b3202c",
    dangerSoft: "#fdecec",
    warn: "#855300",
    warnSoft: "#fff4db",
    create: "#166b39",
    createSoft: "#e3f5e9",
    update: "#855300",
    updateSoft: "#fff1d1",
    replace: "#7a2fa8",
    replaceSoft: "#f5e9fc",
    delete: "#b3202c",
    deleteSoft: "#fde7e7",
    adopt: "#0b6473",
    adoptSoft: "#def3f6",
    rename: "#2a52b0",
    renameSoft: "#e6edfc",
    forget: "#5b5f66",
    forgetSoft: "#eceef1",
  },
  dark: {
    page: "#0f1217",
    card: "#171b22",
    sunken: "#11151b",
    line: "#303743",
    ink: "#e8ebf0",
    muted: "#a0a9b8",
    accent: "#9db2ff",
    onAccent: "#0f1217",
    danger: "#ff8e8e",
    dangerSoft: "#3a191c",
    warn: "#f0bd5a",
    warnSoft: "#33270f",
    create: "#6bd693",
    createSoft: "#14301f",
    update: "#f0bd5a",
    updateSoft: "#33270f",
    replace: "#d79dfa",
    replaceSoft: "#301b40",
    delete: "#ff8e8e",
    deleteSoft: "#3d1a1d",
    adopt: "#6bd0e0",
    adoptSoft: "#10303a",
    rename: "#9cb6ff",
    renameSoft: "#1b2747",
    forget: "#b7bdc8",
    forgetSoft: "#2a2f38",
  },
};

/** `--page: #f6f7f9;…` */
export function writeColors(theme: "light" | "dark"): string {
  return Object.entries(themes[theme])
    .map(([name, color]) => `--${toKebab(name)}:${color};`)
    .join("");
}

function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
