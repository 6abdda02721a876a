/** What a program of the bench can be asked over IPC: the question and the answer of each call. */
export type Calls = Readonly<
  Record<string, { readonly question: unknown; readonly answer: unknown }>
>;

export type Handlers<Known extends Calls> = {
  readonly [Name in keyof Known]: (
    question: Known[Name]["question"],
  ) => Promise<Known[Name]["answer"]>;
};

export interface Call {
  readonly call: number;
  readonly name: string;
  readonly question: unknown;
}

export type Reply =
  | { readonly call: number; readonly answer: unknown }
  | { readonly call: number; readonly error: string };

export interface Ready {
  readonly ready: true;
  /** Where a server listens; absent for a program that serves nobody. */
  readonly url?: string;
}
