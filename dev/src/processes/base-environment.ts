/**
 * The variables of the machine that every process needs. Variables of the project are not inherited:
 * a stack is configured by its options alone, so that a shell's leftover cannot change a test.
 */
const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "TMPDIR",
  "TZ",
  "XDG_CACHE_HOME",
  "SSL_CERT_FILE",
];

export function baseEnvironment(): Record<string, string> {
  const present = INHERITED.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value ? [[name, value]] : [];
  });
  return Object.fromEntries(present);
}
