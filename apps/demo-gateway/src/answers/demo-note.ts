/** Every scripted answer contains this note. */
export const DEMO_NOTE = "(Demo answer: written by a script, not by a model.)";
