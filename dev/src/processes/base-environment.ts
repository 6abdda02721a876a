/**
 * What every process needs of the machine, and nothing of the project: a stack is configured by
 * its options alone, so that a variable left over in a shell cannot change a test.
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
