/** How many commands a Redis has been sent, by name. */
import { Redis } from "ioredis";

export async function readCommands(url: string): Promise<ReadonlyMap<string, number>> {
  const redis = new Redis(url);
  try {
    const lines = (await redis.info("commandstats")).split("\r\n");
    return new Map(
      lines.flatMap((line): [string, number][] => {
        const [, name, calls] = /^cmdstat_([^:]+):calls=(\d+)/.exec(line) ?? [];
        return name === undefined ? [] : [[name, Number(calls)]];
      }),
    );
  } finally {
    redis.disconnect();
  }
}

/** What was added since, but for what the asking itself cost. */
export function commandsSince(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const own = ["info", "client|setinfo", "client|setname"];
  return new Map(
    [...after]
      .filter(([name]) => !own.includes(name))
      .map(([name, calls]): [string, number] => [name, calls - (before.get(name) ?? 0)])
      .filter(([, calls]) => calls > 0),
  );
}
