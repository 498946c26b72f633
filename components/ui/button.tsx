import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { cx } from './cx';

type Variant = 'plain' | 'primary' | 'danger' | 'ghost';

const VARIANTS: Readonly<Record<Variant, string>> = {
  plain: 'border-line bg-raised text-ink-2 hover:text-ink hover:border-line-strong',
  primary: 'border-accent bg-accent-bg text-accent hover:brightness-110',
  danger: 'border-bad/60 bg-raised text-bad hover:border-bad',
  ghost: 'border-transparent bg-transparent text-ink-2 hover:text-ink hover:bg-free/50',
};

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: Variant;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant = 'plain', className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cx(
        'inline-flex h-[26px] items-center gap-1.5 whitespace-nowrap rounded-m border px-2.5 text-s',
        'disabled:cursor-not-allowed disabled:opacity-50',
        VARIANTS[variant],
        className,
      )}
      {...rest}
    />
  );
}

export interface IconButtonProps extends ButtonProps {
  /** Said to those who do not see the icon, and shown on hover. */
  readonly label: string;
  readonly children: ReactNode;
}

export function IconButton({ label, className, variant = 'ghost', title, ...rest }: IconButtonProps) {
  return (
    <Button
      variant={variant}
      aria-label={label}
      title={title ?? label}
      className={cx('w-[26px] justify-center !px-0', className)}
      {...rest}
    />
  );
}
