/** What these scripts use of k6, and no more. k6 itself strips types and checks none. */
declare const __ENV: Readonly<Record<string, string | undefined>>;
declare const __VU: number;
declare function open(path: string): string;

declare module 'k6' {
  export function sleep(seconds: number): void;
}

declare module 'k6/http' {
  interface ExpectedStatusesCallback {
    readonly __opaque: never;
  }
  export interface Response {
    readonly status: number;
    readonly body: string | null;
  }
  export interface Params {
    readonly headers?: Readonly<Record<string, string>>;
    readonly tags?: Readonly<Record<string, string>>;
    readonly responseType?: 'text' | 'none';
    readonly responseCallback?: ExpectedStatusesCallback;
    readonly timeout?: string;
  }
  export function request(method: string, url: string, body?: string | null, params?: Params): Response;
  export function expectedStatuses(...statuses: number[]): ExpectedStatusesCallback;
}

declare module 'k6/metrics' {
  export class Counter {
    constructor(name: string);
    add(value: number): void;
  }
  export class Gauge {
    constructor(name: string);
    add(value: number): void;
  }
  export class Rate {
    constructor(name: string);
    add(value: boolean): void;
  }
}

declare module 'k6/encoding' {
  export function b64encode(input: string | ArrayBuffer, encoding: 'rawurl'): string;
}
