import type {
  LoginRequest,
  Me,
  ResetPassword,
  SetupRequest,
  SetupState,
} from "../../src/protocol/admin-api/access.ts";
import { getJson, sendJson } from "./client.ts";

export const getSetupState = () => getJson<SetupState>("/api/setup");
export const setUp = (request: SetupRequest) => sendJson<Me>("POST", "/api/setup", request);
export const signIn = (request: LoginRequest) => sendJson<Me>("POST", "/api/auth/login", request);
export const resetPassword = (request: ResetPassword) =>
  sendJson<Me>("POST", "/api/auth/reset-password", request);
export const signOut = () => sendJson<void>("POST", "/api/auth/logout");
export const getMe = () => getJson<Me>("/api/auth/me");
