import type { ComponentChildren, JSX } from "preact";

type Looks = "primary-action" | "secondary-action" | "subtle";

interface Props {
  id?: string;
  looks?: Looks;
  onClick?: () => void;
  type?: "button" | "submit";
  busy?: boolean;
  pressed?: boolean | undefined;
  children: ComponentChildren;
}

export function Button({
  id,
  looks = "secondary-action",
  onClick,
  type = "button",
  busy = false,
  pressed,
  children,
}: Props): JSX.Element {
  return (
    <button
      id={id}
      type={type}
      class={`utrecht-button utrecht-button--${looks}`}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      onClick={() => !busy && onClick?.()}
    >
      {children}
    </button>
  );
}
