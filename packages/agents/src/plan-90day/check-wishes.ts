/** Checks the plan against the request, as far as code can decide. */
import { doubt, type Finding, open } from "../agent/finding.ts";
import { toKey } from "../marketing/fit-names.ts";
import { matchChannel } from "../marketing/match-channel.ts";
import { MONTHS, type Plan90DayAnswer, type Plan90DayInput } from "./schema.ts";

export function checkWishes(plan: Plan90DayAnswer, asked: Plan90DayInput): readonly Finding[] {
  return [...checkChannels(plan, asked), ...checkFocus(plan, asked)];
}

function checkChannels(plan: Plan90DayAnswer, { constraints }: Plan90DayInput): Finding[] {
  const channels = typeof constraints === "object" ? (constraints.channels ?? []) : [];
  const allowed = channels.filter((channel) => toKey(channel) !== "");
  if (allowed.length === 0) return [];
  const strays = channelsOf(plan).filter(({ channel }) => matchChannel(channel, allowed) === null);
  const first = new Map(strays.toReversed().map((stray) => [toKey(stray.channel), stray]));
  return [...first.values()].map(({ path, channel }) =>
    open(
      "asked",
      path,
      `“${channel}” is not among the channels that the request allows (${allowed.join(", ")}). Use only those, everywhere in the plan.`,
    ),
  );
}

function channelsOf(plan: Plan90DayAnswer) {
  const at = (path: string, channels: readonly string[]) =>
    channels.map((channel) => ({ path, channel }));
  return [
    ...plan.channel_mix.flatMap(({ channel }, i) => at(`channel_mix[${i}].channel`, [channel])),
    ...MONTHS.flatMap((name) =>
      plan[name].campaigns.flatMap(({ channels }, i) =>
        at(`${name}.campaigns[${i}].channels`, channels),
      ),
    ),
    ...plan.milestones.flatMap(({ channels }, i) => at(`milestones[${i}].channels`, channels)),
  ];
}

function checkFocus(plan: Plan90DayAnswer, { focusAreas = [] }: Plan90DayInput): Finding[] {
  const areas = MONTHS.flatMap((name) => plan[name].focus_areas.map(toKey));
  return focusAreas
    .filter((asked) => !areas.some((area) => area.includes(toKey(asked))))
    .map((asked) =>
      doubt(
        "asked",
        "month_1_plan.focus_areas",
        `The focus area “${asked}” was asked for and is in no month under that name: look for it in the \`focus_areas\` of the months.`,
      ),
    );
}
