/**
 * How events get to their reader. A source hands them over one at a time, and waits only when the
 * reader has to: a live event reaches the connection in the turn in which it is taken.
 */

/**
 * Whether the reader takes more. A promise of it while the reader is not ready: nothing may be sent
 * until the promise has resolved.
 */
export type Taken = boolean | Promise<boolean>;

export type Send<Event> = (event: Event) => Taken;

/** Resolves when everything was sent, or when the reader takes no more. Is called once. */
export type Source<Event> = (send: Send<Event>) => Promise<void>;
