/** Gives the client to the components below, and announces between them that runs have changed. */
import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useMemo,
} from "react";
import type { Cmo } from "../index.ts";
import { createSignal, type Signal } from "./signal.ts";

interface Provided {
  readonly cmo: Cmo;
  /** A run began or ended: lists of runs are out of date. */
  readonly runsChanged: Signal;
}

const CmoContext = createContext<Provided | null>(null);

export interface CmoProviderProps {
  /** Made once, outside of any component. Another one begins anew. */
  readonly cmo: Cmo;
  readonly children?: ReactNode;
}

export function CmoProvider({ cmo, children }: CmoProviderProps): ReactElement {
  const provided = useMemo(() => ({ cmo, runsChanged: createSignal() }), [cmo]);
  return createElement(CmoContext.Provider, { value: provided }, children);
}

export function useProvided(): Provided {
  const provided = useContext(CmoContext);
  if (provided === null)
    throw new Error("A hook of @cmo/client/react needs a <CmoProvider> above it.");
  return provided;
}

/** The client, for what has no hook. */
export function useCmo(): Cmo {
  return useProvided().cmo;
}
