import { useRuns } from "@cmo/client/react";

export function RecentRuns() {
  const { data: runs = [], hasNextPage, fetchNextPage } = useRuns({ mode: "strategy", limit: 5 });
  return (
    <section>
      <h2>Recent plans</h2>
      <ul id="runs">
        {runs.map(({ id, status, created_at }) => (
          <li key={id}>
            {new Date(created_at).toLocaleString()}: {status}
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <button type="button" onClick={() => void fetchNextPage()}>
          More
        </button>
      )}
    </section>
  );
}
