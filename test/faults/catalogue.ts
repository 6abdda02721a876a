/** The faults that the run guarantee is about, and of those without a scenario, why. */
export const UNTESTED: Readonly<Record<string, { readonly title: string; readonly why: string }>> =
  {
    F07: {
      title: "a run exhausts its worker's memory",
      why: "needs a memory limit for one process, which only root can set",
    },
    F34: {
      title: "the database has no connections left",
      why: "the local stand-in keeps its own pool, so its limits would say nothing of PostgREST's",
    },
    F36: {
      title: "the database's disk is full",
      why: "needs a small file system, which only root can mount",
    },
    F56: {
      title: "the gateway sends a line without an end, or a bomb",
      why: "the demo gateway has no such fault; the gateway client's own tests have the line",
    },
    F59: {
      title: "a client does not read",
      why: "the harness has no client that stops reading yet",
    },
    F62: {
      title: "a cursor is old, ahead, or no cursor",
      why: "no fault of the system: the integration tests hold it",
    },
    F65: { title: "clocks are wrong", why: "needs libfaketime, which is not installed everywhere" },
    F67: { title: "the machine is starved", why: "means nothing on a machine that others use" },
  };
