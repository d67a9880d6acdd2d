/** The model that policy tests run on; the real breakers must agree with it. */
export { createBreakerModel } from "../../src/testing/breaker-model.ts";
