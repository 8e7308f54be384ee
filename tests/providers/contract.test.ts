import { providerContract } from "../helpers/provider-contract.ts";

providerContract("openai");
providerContract("openai-responses");
providerContract("anthropic");
providerContract("ollama");
