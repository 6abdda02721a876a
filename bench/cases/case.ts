/** What a case is, and what it hands back to be printed, stored and drawn. */

interface OptionSpec {
  readonly default: string;
  readonly help: string;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Goal {
  readonly goal: string;
  readonly measured: string;
  /** Null where this run could not judge it. */
  readonly met: boolean | null;
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

export interface Findings {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  readonly charts: readonly Chart[];
  readonly notes: readonly string[];
  /** Everything that the tables were made of. */
  readonly raw: unknown;
}

export interface CaseRun {
  readonly options: OptionValues;
  /** Progress, for who watches. */
  readonly say: (line: string) => void;
}

export interface Case {
  readonly name: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  run(run: CaseRun): Promise<Findings>;
}

export interface OptionValues {
  text(name: string): string;
  number(name: string): number;
  list(name: string): readonly string[];
  numbers(name: string): readonly number[];
}

export function newOptionValues(values: Readonly<Record<string, string>>): OptionValues {
  const text = (name: string): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`The case has no option --${name}.`);
    return value;
  };
  const toNumber = (name: string, part: string): number => {
    const value = Number(part);
    if (part === "" || !Number.isFinite(value) || value < 0) {
      throw new Error(`--${name} must be a number or a list of numbers, not ${part}.`);
    }
    return value;
  };
  const list = (name: string): readonly string[] =>
    text(name)
      .split(",")
      .flatMap((part) => part.trim() || []);
  return {
    text,
    list,
    number: (name) => toNumber(name, text(name)),
    numbers: (name) => list(name).map((part) => toNumber(name, part)),
  };
}
