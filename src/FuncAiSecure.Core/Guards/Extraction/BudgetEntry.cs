using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FuncAiSecure.Core.Guards.Extraction.Keeping;
using FuncAiSecure.Core.Models;
using FuncAiSecure.Core.Monitoring.Behaviour;

namespace FuncAiSecure.Core.Guards.Extraction;

/// <summary>What one principal has spent on one model, and what it has asked of late. Fixed in size; times are seconds since 1970.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BudgetEntry
{
    /// <summary>The most bits of the coverage bitmap.</summary>
    public const int CellCount = Words * 64;

    private const int Words = 8;
    private const int MaxSetCells = CellCount * 3 / 4;
    private const float SeenShare = 0.25f;
    private const float EdgeWeight = 4;
    private const float EdgeMargin = 0.2f;
    private const uint TellAgain = 86_400;

    /// <summary>The hash of the principal and the model; 0 marks a free slot.</summary>
    public ulong Key;

    /// <summary>The share of the budget that was spent at <see cref="At"/>.</summary>
    public double Spent;

    /// <summary>What of it has not been saved.</summary>
    public double Unsaved;

    /// <summary>The share that comes back in a second.</summary>
    public double Refill;

    public uint At;
    public uint ForgottenAt;

    /// <summary>When a step was last told of, and which, counted from 1.</summary>
    public uint ToldAt;
    public byte Told;
    public byte NextWord;

    /// <summary>How often an operator had begun it anew, as far as is known here.</summary>
    public ushort Resets;

    public Labels RecentLabels;
    public Sketches Recent;
    public Coverage Cells;

    /// <summary>Takes off what has come back until now, and forgets an eighth of the inputs with each eighth of the window.</summary>
    public void Settle(uint now, double refill)
    {
        Refill = refill;
        var eighth = (uint)Math.Max(1, 1 / Refill / Words);
        Spent = SpentAt(now);
        At = Math.Max(At, now);
        if (Since(ForgottenAt, now) >= eighth * Words)
        {
            Cells = default;
            ForgottenAt = now;
        }

        for (; Since(ForgottenAt, now) >= eighth; ForgottenAt += eighth)
        {
            ForgetWord();
        }
    }

    /// <summary>What is spent at a moment. A clock that runs backwards gives nothing back.</summary>
    public readonly double SpentAt(uint now) => now <= At ? Spent : Math.Max(0, Spent - (Refill * (now - At)));

    /// <summary>Spends a share at the first step at which it fits; at a step that refuses, nothing.</summary>
    /// <param name="cost">The share.</param>
    /// <param name="steps">The policy's steps.</param>
    /// <param name="from">The first step to try; -1 is none.</param>
    /// <returns>The step, and what is spent then.</returns>
    public (int Step, double Spent) Spend(double cost, ImmutableArray<ExtractionStep> steps, int from)
    {
        for (var step = from; ; step++)
        {
            if (step >= 0 && steps[step].Refuse == true)
            {
                return (step, Spent);
            }

            var limit = step + 1 < steps.Length ? steps[step + 1].At : double.PositiveInfinity;
            if (Spent < limit && Spent + cost <= limit)
            {
                Spent += cost;
                Unsaved += cost;
                return (step, Spent);
            }
        }
    }

    /// <summary>
    /// Takes over what all instances have spent, without what has been spent here and not been added. A share that was taken over with
    /// the place of another stays on top; only an operator's new beginning takes it away.
    /// </summary>
    public void Join(in SavedBudget saved)
    {
        var all = saved.SpentAt(At) + Unsaved;
        Spent = Resets == (ushort)saved.Resets ? Math.Max(Spent, all) : all;
        Told = Resets == (ushort)saved.Resets ? Told : (byte)0;
        Resets = (ushort)saved.Resets;
        Refill = Refill == 0 ? saved.Refill : Refill;
    }

    /// <summary>Whether its answers were reduced within a day: then a new beginning may be waiting.</summary>
    public readonly bool WasReduced(uint now) => Told > 0 && Since(ToldAt, now) < TellAgain;

    /// <summary>Whether a step is news: when it is reached, and once a day while it lasts.</summary>
    public bool Tell(int step, uint now)
    {
        if (Since(ToldAt, now) >= TellAgain)
        {
            (Told, ToldAt) = (0, now);
        }

        if (step < Told)
        {
            return false;
        }

        (Told, ToldAt) = ((byte)(step + 1), now);
        return true;
    }

    /// <summary>
    /// By what an answer's bits are multiplied. Inputs like earlier ones count a quarter, others one on average; answers at a
    /// decision boundary, by their margin or because a similar input was answered otherwise, four. Notes the input.
    /// </summary>
    public float Weigh(in AnswerFacts facts)
    {
        var isEdge = facts.Margin < EdgeMargin;
        var label = (byte)facts.Label;
        if (facts.Sketch == 0)
        {
            return isEdge ? EdgeWeight : 1;
        }

        for (var i = Sketches.Length - 1; i >= 0; i--)
        {
            isEdge |= facts.Label >= 0 && Recent[i] != 0 && RecentLabels[i] != label && InputSketch.AreNear(Recent[i], facts.Sketch);
            Recent[i] = i > 0 ? Recent[i - 1] : facts.Sketch;
            RecentLabels[i] = i > 0 ? RecentLabels[i - 1] : label;
        }

        var novelty = Cover(facts.Sketch);
        return isEdge ? EdgeWeight : SeenShare + ((1 - SeenShare) * novelty);
    }

    // One over the chance that a new input would find a free cell, where it does: on average each different input counts once, whatever
    // the bitmap holds by then (historic inverse probability; Ting 2014, Cohen 2015).
    private float Cover(ulong sketch)
    {
        var set = 0;
        foreach (var word in Cells)
        {
            set += BitOperations.PopCount(word);
        }

        if (set >= MaxSetCells)
        {
            ForgetWord();
        }

        // Two of the sketch's bytes: similar inputs often meet in a cell.
        var cell = (int)(((uint)(sketch >> 48) * 0x9E3779B1u) >> 23);
        ref var home = ref Cells[cell >> 6];
        var mask = 1UL << (cell & 63);
        if ((home & mask) != 0)
        {
            return 0;
        }

        home |= mask;
        return (float)CellCount / (CellCount - Math.Min(set, MaxSetCells));
    }

    // A process before this one may have had another clock.
    private static uint Since(uint then, uint now) => now > then ? now - then : 0;

    private void ForgetWord()
    {
        Cells[NextWord] = 0;
        NextWord = (byte)((NextWord + 1) % Words);
    }

    [InlineArray(Words)]
    public struct Coverage
    {
        private ulong _first;
    }

    [InlineArray(Length)]
    public struct Sketches
    {
        public const int Length = 4;
        private ulong _first;
    }

    [InlineArray(Sketches.Length)]
    public struct Labels
    {
        private byte _first;
    }
}
