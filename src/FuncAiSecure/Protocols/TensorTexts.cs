using System.Globalization;
using FuncAiSecure.Core.Inference.Tensors;
using FuncAiSecure.Core.Models;

namespace FuncAiSecure.Protocols;

/// <summary>The elements of a list's BYTES tensors as texts, in order, and where each one stands. Texts in numbers are none.</summary>
internal sealed class TensorTexts
{
    private readonly List<(int Tensor, int First, int Count)> _places = [];
    private readonly List<string> _texts = [];
    private readonly HashSet<int> _replaced = [];

    private TensorTexts(IReadOnlyList<Tensor> tensors)
    {
        for (var place = 0; place < tensors.Count; place++)
        {
            var tensor = tensors[place];
            if (tensor.Datatype != Datatype.Bytes)
            {
                continue;
            }

            _places.Add((place, _texts.Count, tensor.ElementCount));
            for (var element = 0; element < tensor.ElementCount; element++)
            {
                _texts.Add(tensor.TextAsString(element));
            }
        }
    }

    /// <summary>The texts.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>Reads the texts; the tensors are not kept. Null where none is of texts, so that numbers cost nothing.</summary>
    public static TensorTexts? Of(IReadOnlyList<Tensor> tensors)
    {
        for (var place = 0; place < tensors.Count; place++)
        {
            if (tensors[place].Datatype == Datatype.Bytes)
            {
                return new TensorTexts(tensors);
            }
        }

        return null;
    }

    /// <summary>Puts another text in a place.</summary>
    public void Replace(int index, string text)
    {
        _texts[index] = text;
        _replaced.Add(PlaceOf(index).Tensor);
    }

    /// <summary>Gives every tensor that has another text now all its texts, by its place in the list.</summary>
    public void Apply(Action<int, IReadOnlyList<string>> replaceTexts)
    {
        foreach (var (tensor, first, count) in _places.Where(place => _replaced.Contains(place.Tensor)))
        {
            replaceTexts(tensor, _texts.GetRange(first, count));
        }
    }

    /// <summary>The JSON pointer of a text of a request's inputs.</summary>
    public string PointerOf(int index)
    {
        var (tensor, first, _) = PlaceOf(index);
        return string.Create(CultureInfo.InvariantCulture, $"/inputs/{tensor}/data/{index - first}");
    }

    private (int Tensor, int First, int Count) PlaceOf(int index) => _places.Find(place => index < place.First + place.Count);
}
