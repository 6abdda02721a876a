/** Access tokens, signed as the project signs them. */
import { SignJWT } from "jose";

/**
 * `claims` replace those of an ordinary token, which is good for an hour. It names no session:
 * Supabase refuses a token that names a session it does not know.
 */
export function signToken(
  secret: string,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const ordinary = { aud: "authenticated", role: "authenticated", iat: now, exp: now + 3600 };
  return new SignJWT({ ...ordinary, ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
}
