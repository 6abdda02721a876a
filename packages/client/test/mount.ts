/** Mounts components with the real react-dom. */

import { setImmediate as nextTurn } from "node:timers/promises";
import { createElement, type FunctionComponent, type ReactNode, StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { page } from "./document.ts";

export interface Mounted {
  text(): string;
  unmount(): Promise<void>;
}

/** In strict mode, as applications are in development: React runs each effect twice. */
export function mount(
  Component: FunctionComponent,
  wrap: (children: ReactNode) => ReactNode,
): Mounted {
  const element = page.document.createElement("div");
  const root = createRoot(element);
  root.render(createElement(StrictMode, null, wrap(createElement(Component))));
  return {
    text: () => element.textContent ?? "",
    async unmount() {
      flushSync(() => root.unmount());
      // What React has scheduled before runs now, while there is a document.
      await nextTurn();
    },
  };
}
