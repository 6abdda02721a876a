/** A document for tests of components. React and react-query look for one when they are loaded: import it first. */
import { Window } from "happy-dom";
import { afterAll, vi } from "vitest";

export const page = new Window({ url: "http://localhost/" });

vi.stubGlobal("window", page);
vi.stubGlobal("document", page.document);
vi.stubGlobal("sessionStorage", page.sessionStorage);

afterAll(async () => {
  vi.unstubAllGlobals();
  await page.happyDOM.close();
});
