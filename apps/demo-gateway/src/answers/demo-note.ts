/** The words by which every scripted answer says what it is. */
export const DEMO_NOTE = "(Demo answer: written by a script, not by a model.)";
