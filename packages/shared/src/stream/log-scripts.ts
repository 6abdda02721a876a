/** Loads the two scripts that write a log. Redis runs each of them atomically. */
import { readFileSync } from "node:fs";

const lua = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");

export const LOG_SCRIPTS = { append: lua("append.lua"), end: lua("end.lua") };
