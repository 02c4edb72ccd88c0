import { useEffect, useRef, useState } from 'react';
import type { NearbyDevice, WindowMethods, WireError } from '../../app/ipc/contract.ts';
import { errorOf } from '../state/engine-client.ts';
import { useEngine } from './engine-context.ts';

type Step = WindowMethods['devicePair']['gives'];

/** Where a pairing is. */
export type Pairing =
  | { readonly kind: 'choosing' }
  | { readonly kind: 'waiting'; readonly device: NearbyDevice }
  | { readonly kind: 'step'; readonly device: NearbyDevice; readonly step: Step }
  | { readonly kind: 'over'; readonly error: WireError };

/** Whether the digits did not fit: trying again is not what helps. */
export function isUnverified(pairing: Pairing): boolean {
  if (pairing.kind !== 'over' || pairing.error.code !== 'pairing-refused') return false;
  const { what } = pairing.error.facts;
  return what === 'wrong-code' || what === 'unverified';
}

/** A pairing with a device near by, and what a person can do about it. */
export interface PairingActs {
  readonly pairing: Pairing;
  begin(device: NearbyDevice): void;
  /** Answers the step there is. */
  answer(answer: { readonly digits?: string | null; readonly agrees?: boolean }): void;
  /** Back to choosing, whatever goes on. */
  again(): void;
}

/** Leads through the steps of a pairing; leaving ends it. */
export function usePairing(): PairingActs {
  const engine = useEngine();
  const [pairing, setPairing] = useState<Pairing>({ kind: 'choosing' });
  const going = useRef<AbortController>(undefined);
  useEffect(() => () => going.current?.abort(), []);

  const follow = async (device: NearbyDevice, signal: AbortSignal): Promise<void> => {
    let step = await engine.ask('devicePair', { device: device.key }, signal);
    while (!signal.aborted) {
      setPairing({ kind: 'step', device, step });
      if (step.step === 'paired') return;
      step = await engine.ask('devicePairNext', { pairing: step.pairing });
    }
  };
  return {
    pairing,
    begin(device) {
      const leaving = new AbortController();
      going.current?.abort();
      going.current = leaving;
      setPairing({ kind: 'waiting', device });
      follow(device, leaving.signal).catch((error: unknown) => {
        if (!leaving.signal.aborted) setPairing({ kind: 'over', error: errorOf(error) });
      });
    },
    answer(answer) {
      if (pairing.kind !== 'step') return;
      engine
        .ask('devicePairAnswer', { pairing: pairing.step.pairing, ...answer })
        .catch((error: unknown) => setPairing({ kind: 'over', error: errorOf(error) }));
    },
    again() {
      going.current?.abort();
      setPairing({ kind: 'choosing' });
    },
  };
}

/** Devices near by, looked for as long as `isLooking`, which also keeps pairing open; undefined until the first look is over. */
export function useNearby(isLooking: boolean): {
  readonly devices: readonly NearbyDevice[] | undefined;
  readonly error: WireError | undefined;
} {
  const engine = useEngine();
  const [seen, setSeen] = useState<{ devices?: readonly NearbyDevice[]; error?: WireError }>({});
  useEffect(() => {
    if (!isLooking) return undefined;
    const leaving = new AbortController();
    const look = async (): Promise<void> => {
      while (!leaving.signal.aborted) {
        const devices = await engine.ask('deviceNearby', { timeoutS: lookS }, leaving.signal);
        if (!leaving.signal.aborted) setSeen({ devices });
      }
    };
    look().catch((error: unknown) => {
      if (!leaving.signal.aborted) setSeen({ error: errorOf(error) });
    });
    return () => leaving.abort();
  }, [engine, isLooking]);
  return { devices: seen.devices, error: seen.error };
}

/** Each look, if none is seen; one that sees something takes two seconds. */
const lookS = 5;
