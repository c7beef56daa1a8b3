import { conformance } from '../conformance.ts';

/** The report in a browser, with the number of CSP violations that it caused. */
export async function observed(library: object): Promise<string> {
  let violations = 0;
  globalThis.addEventListener('securitypolicyviolation', () => violations++);
  try {
    const report = conformance(library);
    await new Promise((resolve) => setTimeout(resolve, 200)); // violations are told later
    return JSON.stringify({ ...report, violations });
  } catch (error) {
    return String(error);
  }
}
