export type { Redis } from "ioredis";
export {
  connectConsumer,
  connectForCommands,
  connectForSlots,
  connectForSubscriptions,
  connectProducer,
} from "./connections.ts";
export { watchAnswers } from "./watch-answers.ts";
export { writeTogether } from "./write-together.ts";
