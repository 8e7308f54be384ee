;; The inner loops of vector search, in WebAssembly with 128-bit SIMD. `bun scripts/assemble-kernel.ts` turns
;; this into kernel-bytes.ts; tests/vectors/kernel.test.ts checks that the two agree.
;;
;; All functions work on one memory that every worker shares. What lies where is laid down in layout.ts.
(module
  (memory (import "parley" "memory") 1 32768 shared)

  ;; Hadamard transform of $n floats at $p in place, not normalised. $n is a power of two, at least 8.
  (func (export "hadamard") (param $p i32) (param $n i32)
    (local $end i32) (local $i i32) (local $group i32) (local $half i32) (local $far i32)
    (local $a v128) (local $b v128)
    (local.set $end (i32.add (local.get $p) (i32.shl (local.get $n) (i32.const 2))))
    ;; Neighbours, then pairs of neighbours: both inside one register.
    (local.set $i (local.get $p))
    (loop $inner
      (local.set $a (v128.load (local.get $i)))
      (local.set $a (f32x4.add
        (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $a) (local.get $a))
        (v128.xor (local.get $a) (v128.const i32x4 0 0x80000000 0 0x80000000))))
      (local.set $a (f32x4.add
        (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $a) (local.get $a))
        (v128.xor (local.get $a) (v128.const i32x4 0 0 0x80000000 0x80000000))))
      (v128.store (local.get $i) (local.get $a))
      (br_if $inner (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $end))))
    ;; Then registers that lie $half bytes apart.
    (local.set $half (i32.const 16))
    (loop $stage
      (local.set $group (local.get $p))
      (loop $groups
        (local.set $i (local.get $group))
        (local.set $far (i32.add (local.get $group) (local.get $half)))
        (loop $pairs
          (local.set $a (v128.load (local.get $i)))
          (local.set $b (v128.load (i32.add (local.get $i) (local.get $half))))
          (v128.store (local.get $i) (f32x4.add (local.get $a) (local.get $b)))
          (v128.store (i32.add (local.get $i) (local.get $half)) (f32x4.sub (local.get $a) (local.get $b)))
          (br_if $pairs (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $far))))
        (local.set $group (i32.add (local.get $far) (local.get $half)))
        (br_if $groups (i32.lt_u (local.get $group) (local.get $end))))
      (local.set $half (i32.shl (local.get $half) (i32.const 1)))
      (br_if $stage (i32.lt_u (i32.add (local.get $p) (local.get $half)) (local.get $end)))))

  ;; Sum of the products of $n floats at $a and at $b. $n is a multiple of 8, at least 8.
  (func (export "dot") (param $a i32) (param $b i32) (param $n i32) (result f32)
    (local $end i32) (local $x v128) (local $y v128)
    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $n) (i32.const 2))))
    (loop $next
      (local.set $x (f32x4.add (local.get $x)
        (f32x4.mul (v128.load (local.get $a)) (v128.load (local.get $b)))))
      (local.set $y (f32x4.add (local.get $y)
        (f32x4.mul (v128.load offset=16 (local.get $a)) (v128.load offset=16 (local.get $b)))))
      (local.set $b (i32.add (local.get $b) (i32.const 32)))
      (br_if $next (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 32))) (local.get $end))))
    (local.set $x (f32x4.add (local.get $x) (local.get $y)))
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $x)) (f32x4.extract_lane 1 (local.get $x)))
      (f32.add (f32x4.extract_lane 2 (local.get $x)) (f32x4.extract_lane 3 (local.get $x)))))

  ;; Four similarities: base + factor * (step * sum - bias), for four of the sixteen sums in $sums.
  (func $estimate (param $sums v128) (param $block i32) (param $step v128) (param $bias v128) (param $base v128)
      (result v128)
    (f32x4.add
      (f32x4.add (local.get $base) (v128.load offset=128 (local.get $block)))
      (f32x4.mul
        (v128.load (local.get $block))
        (f32x4.sub
          (f32x4.mul (local.get $step) (f32x4.convert_i32x4_u (local.get $sums)))
          (local.get $bias)))))

  ;; Estimates the similarity of every row in the blocks from $block up to $end and appends the rows above
  ;; $threshold to $out as (similarity f32, $tag + row number u32), until less than one block's worth of room is left
  ;; below $limit. $table holds 16 bytes for each 4 dimensions, $sixteens is the number of groups of 16
  ;; dimensions. Leaves the similarities of one block (32 floats) at $scratch. Leaves the first block that
  ;; was not scanned at $scratch + 128 and returns the new end of the list.
  (func (export "scan")
      (param $block i32) (param $end i32) (param $sixteens i32) (param $table i32)
      (param $stepOne f32) (param $biasOne f32) (param $baseOne f32) (param $threshold f32)
      (param $out i32) (param $limit i32) (param $tag i32) (param $scratch i32) (result i32)
    (local $code i32) (local $codeEnd i32) (local $entry i32) (local $lane i32) (local $tableEnd i32)
    (local $low v128) (local $high v128) (local $low2 v128) (local $high2 v128)
    (local $c v128) (local $d v128) (local $sum v128) (local $even v128) (local $any v128)
    (local $t0 v128) (local $t1 v128) (local $t2 v128) (local $t3 v128)
    (local $step v128) (local $bias v128) (local $base v128) (local $limits v128) (local $nibble v128)
    (local.set $nibble (v128.const i32x4 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f 0x0f0f0f0f))
    (local.set $step (f32x4.splat (local.get $stepOne)))
    (local.set $bias (f32x4.splat (local.get $biasOne)))
    (local.set $base (f32x4.splat (local.get $baseOne)))
    (local.set $limits (f32x4.splat (local.get $threshold)))
    (local.set $tableEnd (i32.add (local.get $table) (i32.shl (local.get $sixteens) (i32.const 6))))
    (block $full
      (loop $nextBlock
        (br_if $full (i32.ge_u (local.get $block) (local.get $end)))
        (br_if $full (i32.gt_u (i32.add (local.get $out) (i32.const 256)) (local.get $limit)))
        (local.set $code (local.get $block))
        (local.set $entry (local.get $table))
        (local.set $low (v128.const i32x4 0 0 0 0)) (local.set $high (v128.const i32x4 0 0 0 0))
        (local.set $low2 (v128.const i32x4 0 0 0 0)) (local.set $high2 (v128.const i32x4 0 0 0 0))
        ;; Sixteen dimensions a step: four table lookups for each of twice sixteen rows. Table entries are at
        ;; most 63, so the sum of four fits a byte. Sums of even rows gather in the low bytes of $low, with
        ;; those of odd rows above them; $high has the odd rows alone.
        (loop $nextSixteen
          (local.set $t0 (v128.load (local.get $entry)))
          (local.set $t1 (v128.load offset=16 (local.get $entry)))
          (local.set $t2 (v128.load offset=32 (local.get $entry)))
          (local.set $t3 (v128.load offset=48 (local.get $entry)))
          (local.set $c (v128.load (local.get $code)))
          (local.set $d (v128.load offset=32 (local.get $code)))
          (local.set $sum (i8x16.add
            (i8x16.add
              (i8x16.relaxed_swizzle (local.get $t0) (v128.and (local.get $c) (local.get $nibble)))
              (i8x16.relaxed_swizzle (local.get $t1)
                (v128.and (i16x8.shr_u (local.get $c) (i32.const 4)) (local.get $nibble))))
            (i8x16.add
              (i8x16.relaxed_swizzle (local.get $t2) (v128.and (local.get $d) (local.get $nibble)))
              (i8x16.relaxed_swizzle (local.get $t3)
                (v128.and (i16x8.shr_u (local.get $d) (i32.const 4)) (local.get $nibble))))))
          (local.set $low (i16x8.add (local.get $low) (local.get $sum)))
          (local.set $high (i16x8.add (local.get $high) (i16x8.shr_u (local.get $sum) (i32.const 8))))
          (local.set $c (v128.load offset=16 (local.get $code)))
          (local.set $d (v128.load offset=48 (local.get $code)))
          (local.set $sum (i8x16.add
            (i8x16.add
              (i8x16.relaxed_swizzle (local.get $t0) (v128.and (local.get $c) (local.get $nibble)))
              (i8x16.relaxed_swizzle (local.get $t1)
                (v128.and (i16x8.shr_u (local.get $c) (i32.const 4)) (local.get $nibble))))
            (i8x16.add
              (i8x16.relaxed_swizzle (local.get $t2) (v128.and (local.get $d) (local.get $nibble)))
              (i8x16.relaxed_swizzle (local.get $t3)
                (v128.and (i16x8.shr_u (local.get $d) (i32.const 4)) (local.get $nibble))))))
          (local.set $low2 (i16x8.add (local.get $low2) (local.get $sum)))
          (local.set $high2 (i16x8.add (local.get $high2) (i16x8.shr_u (local.get $sum) (i32.const 8))))
          (local.set $code (i32.add (local.get $code) (i32.const 64)))
          (br_if $nextSixteen
            (i32.lt_u (local.tee $entry (i32.add (local.get $entry) (i32.const 64))) (local.get $tableEnd))))
        ;; $code is now at the block's factors. Rows back in order, and from sums to similarities.
        (local.set $even (i16x8.sub (local.get $low) (i16x8.shl (local.get $high) (i32.const 8))))
        (local.set $c (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $even) (local.get $high)))
        (local.set $d (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $even) (local.get $high)))
        (local.set $t0 (call $estimate (i32x4.extend_low_i16x8_u (local.get $c)) (local.get $code)
          (local.get $step) (local.get $bias) (local.get $base)))
        (local.set $t1 (call $estimate (i32x4.extend_high_i16x8_u (local.get $c)) (i32.add (local.get $code) (i32.const 16))
          (local.get $step) (local.get $bias) (local.get $base)))
        (local.set $t2 (call $estimate (i32x4.extend_low_i16x8_u (local.get $d)) (i32.add (local.get $code) (i32.const 32))
          (local.get $step) (local.get $bias) (local.get $base)))
        (local.set $t3 (call $estimate (i32x4.extend_high_i16x8_u (local.get $d)) (i32.add (local.get $code) (i32.const 48))
          (local.get $step) (local.get $bias) (local.get $base)))
        (v128.store (local.get $scratch) (local.get $t0))
        (v128.store offset=16 (local.get $scratch) (local.get $t1))
        (v128.store offset=32 (local.get $scratch) (local.get $t2))
        (v128.store offset=48 (local.get $scratch) (local.get $t3))
        (local.set $any (v128.or
          (v128.or (f32x4.gt (local.get $t0) (local.get $limits)) (f32x4.gt (local.get $t1) (local.get $limits)))
          (v128.or (f32x4.gt (local.get $t2) (local.get $limits)) (f32x4.gt (local.get $t3) (local.get $limits)))))
        (local.set $even (i16x8.sub (local.get $low2) (i16x8.shl (local.get $high2) (i32.const 8))))
        (local.set $c (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $even) (local.get $high2)))
        (local.set $d (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $even) (local.get $high2)))
        (local.set $t0 (call $estimate (i32x4.extend_low_i16x8_u (local.get $c)) (i32.add (local.get $code) (i32.const 64))
          (local.get $step) (local.get $bias) (local.get $base)))
        (local.set $t1 (call $estimate (i32x4.extend_high_i16x8_u (local.get $c)) (i32.add (local.get $code) (i32.const 80))
          (local.get $step) (local.get $bias) (local.get $base)))
        (local.set $t2 (call $estimate (i32x4.extend_low_i16x8_u (local.get $d)) (i32.add (local.get $code) (i32.const 96))
          (local.get $step) (local.get $bias) (local.get $base)))
        (local.set $t3 (call $estimate (i32x4.extend_high_i16x8_u (local.get $d)) (i32.add (local.get $code) (i32.const 112))
          (local.get $step) (local.get $bias) (local.get $base)))
        (v128.store offset=64 (local.get $scratch) (local.get $t0))
        (v128.store offset=80 (local.get $scratch) (local.get $t1))
        (v128.store offset=96 (local.get $scratch) (local.get $t2))
        (v128.store offset=112 (local.get $scratch) (local.get $t3))
        (local.set $any (v128.or (local.get $any) (v128.or
          (v128.or (f32x4.gt (local.get $t0) (local.get $limits)) (f32x4.gt (local.get $t1) (local.get $limits)))
          (v128.or (f32x4.gt (local.get $t2) (local.get $limits)) (f32x4.gt (local.get $t3) (local.get $limits))))))
        (if (v128.any_true (local.get $any))
          (then
            (local.set $lane (i32.const 0))
            (loop $nextLane
              (if (f32.gt
                    (f32.load (i32.add (local.get $scratch) (i32.shl (local.get $lane) (i32.const 2))))
                    (local.get $threshold))
                (then
                  (f32.store (local.get $out)
                    (f32.load (i32.add (local.get $scratch) (i32.shl (local.get $lane) (i32.const 2)))))
                  (i32.store offset=4 (local.get $out) (i32.add (local.get $tag) (local.get $lane)))
                  (local.set $out (i32.add (local.get $out) (i32.const 8)))))
              (br_if $nextLane
                (i32.lt_u (local.tee $lane (i32.add (local.get $lane) (i32.const 1))) (i32.const 32))))))
        (local.set $tag (i32.add (local.get $tag) (i32.const 32)))
        ;; Past the factors and the bases of the 32 rows.
        (local.set $block (i32.add (local.get $code) (i32.const 256)))
        (br $nextBlock)))
    (i32.store offset=128 (local.get $scratch) (local.get $block))
    (local.get $out))

  ;; The finer sum for one row: of its signs, 32 bytes apart from $signs on, and its magnitudes, at $magnitudes on
  ;; ($eights bytes each). $table holds 256 floats for each 4 dimensions: signs in the low half of the index.
  (func (export "refine") (param $signs i32) (param $magnitudes i32) (param $eights i32) (param $table i32) (result f32)
    (local $end i32) (local $s i32) (local $m i32) (local $sum f32) (local $sum2 f32)
    (local.set $end (i32.add (local.get $magnitudes) (local.get $eights)))
    (loop $next
      (local.set $s (i32.load8_u (local.get $signs)))
      (local.set $m (i32.load8_u (local.get $magnitudes)))
      (local.set $sum (f32.add (local.get $sum) (f32.load (i32.add (local.get $table)
        (i32.shl
          (i32.or (i32.and (local.get $s) (i32.const 15)) (i32.shl (i32.and (local.get $m) (i32.const 15)) (i32.const 4)))
          (i32.const 2))))))
      (local.set $sum2 (f32.add (local.get $sum2) (f32.load offset=1024 (i32.add (local.get $table)
        (i32.shl
          (i32.or (i32.shr_u (local.get $s) (i32.const 4)) (i32.and (local.get $m) (i32.const 0xf0)))
          (i32.const 2))))))
      (local.set $table (i32.add (local.get $table) (i32.const 2048)))
      (local.set $signs (i32.add (local.get $signs) (i32.const 32)))
      (br_if $next
        (i32.lt_u (local.tee $magnitudes (i32.add (local.get $magnitudes) (i32.const 1))) (local.get $end))))
    (f32.add (local.get $sum) (local.get $sum2)))
)
