import { describe, expect, test } from "vitest";
import { newOptionValues } from "../cases/case.ts";
import { drawChart, niceTop } from "../report/draw-chart.ts";
import { parsePlan } from "../systems/plan-log.ts";

test("an axis ends at 1, 2 or 5 times a power of ten", () => {
  expect([0.7, 1.5, 3, 7, 450, 1000].map(niceTop)).toEqual([1, 2, 5, 10, 500, 1000]);
});

test("a chart draws a line for each series and escapes its names", () => {
  const points: [number, number][] = [
    [50, 10],
    [150, 20],
  ];
  const svg = drawChart({
    title: "Lag",
    xLabel: "streams",
    yLabel: "ms",
    series: [
      { name: "a < b", points },
      { name: "c", points: [[50, Number.NaN]] },
    ],
  });
  expect(svg).toContain(">a &lt; b<");
  expect(svg).not.toContain("NaN");
  expect(svg.match(/stroke-width="2"/g)).toHaveLength(2);
});

test("a logged plan gives its pages, and says which index or whole table it reads", () => {
  const plan = {
    "Query Text": "select from agent_runs",
    Plan: {
      "Node Type": "Limit",
      "Shared Hit Blocks": 5,
      "Shared Read Blocks": 2,
      Plans: [
        { "Node Type": "Index Scan", "Relation Name": "agent_runs", "Index Name": "runs_idx" },
        { "Node Type": "Bitmap Heap Scan", "Relation Name": "agent_runs" },
        { "Node Type": "Seq Scan", "Relation Name": "workspaces" },
      ],
    },
  };
  expect(parsePlan(JSON.stringify(plan))).toEqual({
    query: "select from agent_runs",
    pages: 7,
    scans: ["runs_idx", "all of workspaces"],
  });
});

describe("options", () => {
  const values = newOptionValues({ streams: "50, 150", rounds: "5", wrong: "five", none: "" });
  test("a list is cut at commas", () => {
    expect(values.numbers("streams")).toEqual([50, 150]);
    expect(values.numbers("none")).toEqual([]);
  });
  test("what is no number is refused by its name", () => {
    expect(() => values.number("wrong")).toThrow("--wrong must be a number");
  });
});
