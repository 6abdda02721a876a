/**
 * One direction of a proxied connection: bytes go in at one socket and come out at the other, in
 * order, unless the proxy holds them.
 *
 * Bytes are delivered even when their sender is gone by then, as on a real network: a process that is
 * killed has still sent what it had sent.
 */
import type { Socket } from "node:net";

/** What a proxy does to all its connections; lanes check it before every piece. */
export interface Weather {
  stalled: boolean;
  delayMs: number;
  /** The most bytes of one write; infinite unless pieces are to be cut. */
  pieceBytes: number;
}

export interface Lane {
  /** Nothing comes out until it is called as often as `hold`. */
  letGo(): void;
  hold(): void;
  /** The stream ends behind what is queued, if it has not ended by itself. */
  end(): void;
  /** Permanent: bytes are still taken in, but nothing comes out again, not even the end. */
  fallSilent(): void;
  /** Must be called after the conditions have changed. */
  pump(): void;
}

export interface LaneOptions {
  readonly from: Socket;
  readonly to: Socket;
  readonly weather: Weather;
  /** Sees every piece before it is queued; false takes it out. */
  readonly admit: (bytes: Buffer) => boolean;
}

interface Piece {
  /** Null for the end of the stream. */
  readonly bytes: Buffer | null;
  readonly dueAt: number;
}

function* cut(bytes: Buffer, most: number): Generator<Buffer> {
  if (bytes.length <= most) yield bytes;
  else for (let at = 0; at < bytes.length; at += most) yield bytes.subarray(at, at + most);
}

/** A sender whose bytes are not read is held up by its own kernel. */
const QUEUED_PIECES_MAX = 64;

export function createLane({ from, to, weather, admit }: LaneOptions): Lane {
  const queue: Piece[] = [];
  let holds = 0;
  let isSilent = false;
  let isFull = false;
  let isEnded = false;
  let timer: NodeJS.Timeout | null = null;

  function take(bytes: Buffer | null): void {
    if (isSilent || isEnded || (bytes !== null && !admit(bytes))) return;
    isEnded = bytes === null;
    queue.push({ bytes, dueAt: performance.now() + weather.delayMs });
    if (queue.length >= QUEUED_PIECES_MAX) from.pause();
    pump();
  }

  function pump(): void {
    while (!isFull && holds === 0 && !weather.stalled) {
      const piece = queue[0];
      if (!piece) break;
      const earlyMs = piece.dueAt - performance.now();
      if (earlyMs > 0) {
        wait(earlyMs);
        return;
      }
      queue.shift();
      pass(piece);
    }
    if (queue.length < QUEUED_PIECES_MAX && !from.destroyed) from.resume();
  }

  function pass({ bytes }: Piece): void {
    if (to.destroyed) return;
    if (bytes === null) to.end();
    else for (const part of cut(bytes, weather.pieceBytes)) isFull = !to.write(part);
  }

  function wait(ms: number): void {
    timer ??= setTimeout(() => {
      timer = null;
      pump();
    }, ms);
  }

  const end = () => take(null);
  from.on("data", take).on("end", end);
  to.on("drain", () => {
    isFull = false;
    pump();
  });
  to.on("close", () => {
    if (timer) clearTimeout(timer);
    queue.length = 0;
  });

  return {
    hold: () => {
      holds += 1;
    },
    letGo: () => {
      holds -= 1;
      pump();
    },
    end,
    fallSilent: () => {
      isSilent = true;
      queue.length = 0;
    },
    pump,
  };
}
