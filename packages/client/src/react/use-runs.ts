/** The list of runs, page by page, kept current while one of them is running. */
import {
  type InfiniteData,
  type UseInfiniteQueryResult,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { CmoError, type ListRuns, type RunPage, type RunSummary } from "../index.ts";
import { useProvided } from "./provider.ts";

/** The lists change when runs begin and end. Who watches one run closely uses `useRun`. */
const REFETCH_MS = 3_000;
const RETRIES = 3;

export type RunsFilter = Omit<ListRuns, "before">;

const runsOf = ({ pages }: InfiniteData<RunPage>): readonly RunSummary[] =>
  pages.flatMap(({ runs }) => runs);

const isAnyRunning = (data: InfiniteData<RunPage> | undefined): boolean =>
  data !== undefined && runsOf(data).some(({ status }) => status === "running");

/** What `useInfiniteQuery` returns; `data` are the runs of all pages, the newest first. */
export function useRuns(filter: RunsFilter = {}): UseInfiniteQueryResult<readonly RunSummary[]> {
  const { cmo, runsChanged } = useProvided();
  const query = useInfiniteQuery({
    queryKey: ["cmo", "runs", filter],
    queryFn: ({ pageParam }) =>
      cmo.runs.list(pageParam === null ? filter : { ...filter, before: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (isAnyRunning(state.data) ? REFETCH_MS : false),
    // A refusal is final; the default would repeat it too.
    retry: (failures, error) => failures < RETRIES && error instanceof CmoError && error.retryable,
    select: runsOf,
  });
  const { refetch } = query;
  useEffect(() => runsChanged.subscribe(() => void refetch()), [runsChanged, refetch]);
  return query;
}
