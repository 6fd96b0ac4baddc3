// the devices → the microphones that can be chosen

import { signal } from '@preact/signals';

/** Microphones by name; they have one once a microphone may be used. */
export const microphones = signal<readonly { readonly id: string; readonly name: string }[]>([]);

/** Whether live sound is listened to: then nothing that happens elsewhere takes the screen. */
export const isMicrophoneOpen = signal(false);

/** Its name on the page. */
export function microphoneName(id: string): string {
  return microphones.value.find((one) => one.id === id)?.name ?? 'the usual one';
}

/** Looks for them, now and whenever one comes or goes. */
export async function findMicrophones(): Promise<void> {
  const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  microphones.value = devices
    .filter(({ kind, deviceId, label }) => kind === 'audioinput' && deviceId && label)
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

navigator.mediaDevices?.addEventListener('devicechange', () => void findMicrophones());
