/** The errors that a route can answer with, for its description. */
import { problemSchema } from "@cmo/shared/contract";
import { describeAnswer } from "./describe-answer.ts";

const problem = { "application/problem+json": problemSchema };

export const problemResponses = {
  "4xx": describeAnswer("The request cannot be served; `code` and `detail` say why.", problem),
  "5xx": describeAnswer("Nothing is wrong with the request; `retry_after` says when.", problem),
};
