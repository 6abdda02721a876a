/**
 * Shows the progress of the demo: moving bars on a terminal, one line for each step elsewhere.
 */
import type { RunMode } from "@cmo/shared/contract";
import type { DemoProgress } from "./demo-client.ts";

export interface DemoScreen {
  show(mode: RunMode, progress: DemoProgress, note?: string): void;
  /** Draws a last time and leaves the cursor below. Idempotent. */
  close(): void;
}

interface Row {
  progress: DemoProgress;
  note: string;
}

const BAR_WIDTH = 24;
const FRAME_MS = 80;
const MODE_WIDTH = 13;

export function createScreen(output: NodeJS.WriteStream, modes: readonly RunMode[]): DemoScreen {
  return output.isTTY ? createBars(output, modes) : createLines(output);
}

function createBars(output: NodeJS.WriteStream, modes: readonly RunMode[]): DemoScreen {
  const rows = new Map<RunMode, Row>();
  let drawn = 0;
  let closed = false;

  const draw = () => {
    const width = output.columns ?? 80;
    const lines = modes.flatMap((mode) => toBar(mode, rows.get(mode), width));
    // Move to the start of the last drawing and write over it.
    output.write(`${drawn > 0 ? `\u001b[${drawn}A` : ""}${lines.map(clearAndWrite).join("")}`);
    drawn = lines.length;
  };
  const timer = setInterval(draw, FRAME_MS);

  return {
    show(mode, progress, note = "") {
      rows.set(mode, { progress, note });
    },
    close() {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      draw();
    },
  };
}

function clearAndWrite(line: string): string {
  return `\u001b[2K${line}\n`;
}

function toBar(mode: RunMode, row: Row | undefined, width: number): string[] {
  const percent = row?.progress.percent ?? 0;
  const filled = Math.round((percent / 100) * BAR_WIDTH);
  const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
  const head = `${mode.padEnd(MODE_WIDTH)} ${bar} ${String(percent).padStart(3)} %  ${row?.note ?? ""}`;
  return [head.slice(0, width - 1), `  ${tail(row?.progress.text ?? "", width - 4)}`];
}

/** One line for every 10 %, with the end of the text so far. */
function createLines(output: NodeJS.WriteStream): DemoScreen {
  const printed = new Map<RunMode, string>();
  return {
    show(mode, progress, note = "") {
      const step = `${note} ${Math.floor(progress.percent / 10)} ${progress.text.length > 0}`;
      if (printed.get(mode) === step) return;
      printed.set(mode, step);
      const percent = `${String(progress.percent).padStart(3)} %`;
      const line = `${mode.padEnd(MODE_WIDTH)} ${percent}  ${note} ${tail(progress.text, 60)}`;
      output.write(`${line.trimEnd()}\n`);
    },
    close() {},
  };
}

/** The end of the text, on one line. */
function tail(text: string, length: number): string {
  return text
    .slice(-length * 2)
    .replace(/\s+/g, " ")
    .trim()
    .slice(-length);
}
