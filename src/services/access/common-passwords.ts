import { AppError } from "../../errors.ts";

/** Long passwords that people pick first when a minimum of 15 characters is asked for. Compared without case and separators. */
const COMMON = [
  "passwordpassword",
  "password12345678",
  "password123456789",
  "123456789012345",
  "1234567890123456",
  "12345678901234567890",
  "qwertyuiopasdfgh",
  "qwertyuiopasdfghjkl",
  "qwertyqwertyqwerty",
  "letmeinletmeinletmein",
  "administrator123",
  "administratoradministrator",
  "adminadminadmin",
  "adminadminadminadmin",
  "iloveyouiloveyou",
  "welcomewelcome1",
  "changemechangeme",
  "correcthorsebatterystaple",
  "passwortpasswort",
  "parleyparleyparley",
  "supersecretpassword",
  "thisisapassword",
  "thisismypassword",
  "mypasswordispassword",
];

/** Whether attackers try this password early: a well-known one, or one character or pair over and over. */
export function isCommonPassword(password: string): boolean {
  const plain = password.toLowerCase().replace(/[\s_.-]/g, "");
  return COMMON.includes(plain) || /^(.{1,4})\1+$/.test(plain);
}

/** @throws AppError VALIDATION for a password that is easily guessed */
export function requireUncommon(password: string): void {
  if (!isCommonPassword(password)) return;
  const message = "This password is easily guessed. Choose a longer sentence that only you know.";
  throw new AppError("VALIDATION", message, {
    details: { fields: { password: "This password is easily guessed." } },
  });
}
