/** As much of the package as the hosts of tray and notifications use. */
declare module 'dbus-native' {
  export interface Bus {
    invoke(
      call: {
        readonly destination: string;
        readonly path: string;
        readonly interface: string;
        readonly member: string;
        readonly signature?: string;
        readonly body?: readonly unknown[];
      },
      answered: (error: unknown, ...values: unknown[]) => void,
    ): void;
    export(path: string, exported: Interface): Promise<void>;
    requestName(name: string, flags: number): Promise<number>;
    close(): void;
  }
  export interface Interface {
    readonly emit: Readonly<Record<string, (...values: readonly unknown[]) => void>>;
  }
  interface Definition {
    readonly name: string;
    readonly methods: Readonly<
      Record<
        string,
        {
          readonly in: Readonly<Record<string, string>>;
          readonly out?: Readonly<Record<string, string>>;
          handler(values: Readonly<Record<string, string>>, call: { readonly sender: string }): unknown;
        }
      >
    >;
    readonly properties: Readonly<
      Record<string, { readonly type: string; readonly access: 'read'; get(): unknown }>
    >;
    readonly signals: Readonly<Record<string, { readonly args: Readonly<Record<string, string>> }>>;
  }
  const dbus: {
    sessionBus(): Bus;
    defineInterface(definition: Definition): Interface;
    /** A plain object, or a map where the bus sent one. */
    toPlain(value: unknown): unknown;
    variantValue(value: unknown): unknown;
  };
  export default dbus;
}
