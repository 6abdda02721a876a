// Prints an .env for docker-compose.yml: new passwords, and the two project keys that a self-hosted
// Supabase needs, signed with the new secret. Plain JavaScript, so that any Node runs it.
import { createHmac, randomBytes } from "node:crypto";

const secret = randomBytes(48).toString("base64url");
const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A key is a token for a role, valid for ten years. */
function toKey(role) {
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = { role, iss: "supabase", iat: issuedAt, exp: issuedAt + 10 * 365 * 86_400 };
  const content = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

console.log(`POSTGRES_PASSWORD=${randomBytes(24).toString("base64url")}
SUPABASE_JWT_SECRET=${secret}
SUPABASE_PUBLISHABLE_KEY=${toKey("anon")}
SUPABASE_SECRET_KEY=${toKey("service_role")}
# The key of the AI gateway.
LOVABLE_API_KEY=`);
