/** Chooses the port of each part before anything starts, because parts know each other's ports. */
import { findPort } from "../processes/ports.ts";

/** Supabase's defaults where they exist. The others are rarely in use. */
const PREFERRED = { supabase: 54_321, postgres: 54_322, redis: 56_379, api: 8_787, gateway: 8_788 };

export interface StackPorts {
  readonly supabase: number;
  readonly postgres: number;
  readonly redis: number;
  readonly gateway: number;
  readonly api: readonly number[];
}

export async function findStackPorts(
  choice: "preferred" | "free",
  apis: number,
): Promise<StackPorts> {
  const taken = new Set<number>();
  const take = async (preferred: number): Promise<number> => {
    const port = await findPort(choice === "preferred" ? preferred : 0, taken);
    taken.add(port);
    return port;
  };
  const supabase = await take(PREFERRED.supabase);
  const postgres = await take(PREFERRED.postgres);
  const redis = await take(PREFERRED.redis);
  const gateway = await take(PREFERRED.gateway);
  const api: number[] = [];
  for (let index = 0; index < apis; index += 1)
    api.push(await take(index === 0 ? PREFERRED.api : 0));
  return { supabase, postgres, redis, gateway, api };
}
