/** The connection to the project's database, with a sentence for each way in which it fails. */
import { Client } from "pg";

/** What an operator is told, without a stack. */
export class AdoptionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AdoptionError";
  }
}

export async function withDatabase<Result>(
  url: string,
  use: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await connect(url);
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function connect(url: string): Promise<Client> {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new AdoptionError("The address of the database must begin with postgres://.");
  }
  try {
    const client = new Client({ connectionString: url });
    // A connection that is lost between two queries must not end the process without a word.
    client.on("error", () => {});
    await client.connect();
    return client;
  } catch (cause) {
    throw new AdoptionError(explain(cause), { cause });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  "28P01":
    "The database refused the password. Take it from the project's settings, and percent-encode @ : / # ? in it.",
  "3D000": "There is no database of this name. On Supabase, the address ends with /postgres.",
  ENOTFOUND: "There is no such host. Take the address from Connect in the project's dashboard.",
  EINVAL: "This is no host. Replace the … in the address.",
  ECONNREFUSED: "Nothing answers at this address. Check the host and the port.",
  ERR_INVALID_URL: "This is no address. Percent-encode @ : / # ? in the password.",
};

function explain(cause: unknown): string {
  const code =
    typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const message = cause instanceof Error ? cause.message : String(cause);
  return `${REASONS[code] ?? "The database cannot be reached."} (${message || code})`;
}
