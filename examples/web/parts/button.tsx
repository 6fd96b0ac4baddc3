// words, an icon → a button: filled (one in a view), outlined or quiet

import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

/** What a button takes. */
export interface ButtonProps {
  readonly children?: ComponentChildren;
  readonly icon?: IconName | undefined;
  readonly look?: 'filled' | 'outlined' | 'quiet' | undefined;
  /** Said instead of the words, where there is only an icon. */
  readonly label?: string | undefined;
  readonly isPressed?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** Lower than others: 40 pixels. */
  readonly small?: boolean | undefined;
  readonly onClick: (event: MouseEvent) => void;
}

/** A button. */
export function Button({ children, icon, look = 'outlined', label, isPressed, disabled, small, onClick }: ButtonProps) {
  const classes = ['button', look, small && 'small', children === undefined && 'round'].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      class={classes}
      aria-label={label}
      aria-pressed={isPressed}
      disabled={disabled}
      onClick={onClick}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that lets files be chosen, or a folder. */
export function FileButton({
  children,
  look = 'outlined',
  small,
  disabled,
  folder,
  plain,
  onFiles,
  accept,
}: {
  readonly children: ComponentChildren;
  readonly look?: ButtonProps['look'];
  readonly small?: boolean;
  readonly disabled?: boolean;
  readonly folder?: boolean;
  /** Whether it has no icon. */
  readonly plain?: boolean;
  readonly accept?: string;
  readonly onFiles: (files: File[]) => void;
}) {
  const take = (event: { currentTarget: HTMLInputElement }) => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = ''; // so that the same can be chosen again
    onFiles(files);
  };
  return (
    <label class={['button', look, small && 'small'].filter(Boolean).join(' ')}>
      {!plain && <Icon name="upload" />}
      {children}
      <input
        class="over"
        type="file"
        multiple
        {...{ accept, disabled }}
        {...(folder ? { webkitdirectory: true } : {})}
        onChange={take}
      />
    </label>
  );
}
