/** What holds where a policy says nothing, in the policy language's own words; the schema's descriptions say the same. */
export const policyDefaults = {
  timezone: "UTC",
  maxAttempts: 3,
  unsupported: "skip",
  allowContentFilterFallback: false,
  timeouts: {
    connect: "5s",
    headers: "60s",
    firstOutput: "120s",
    answer: "5m",
    idle: "60s",
    total: "10m",
  },
  breaker: { errorRate: "50%", minFailures: 5, window: "60s", coolDown: "30s" },
  retry: { maxRetries: 1, minDelay: "500ms", maxDelay: "8s", retryBudget: "10%" },
  fee: "0%",
  weight: 1,
} as const;
