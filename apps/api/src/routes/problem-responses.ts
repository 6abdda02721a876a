/** The errors that a route can answer with, for its description. */
import { problemSchema } from "@cmo/shared/contract";

export const problemResponses = {
  "4xx": problemSchema.describe("The request cannot be served; `code` and `detail` say why."),
  "5xx": problemSchema.describe("Nothing is wrong with the request; `retry_after` says when."),
};
