import fc from "fast-check";

/** Properties try the same cases in every run; `FAST_CHECK_SEED` tries others, by hand. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 20_261_122) });
