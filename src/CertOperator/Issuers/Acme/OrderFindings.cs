using CertOperator.Acme.Orders;
using CertOperator.Challenges;

namespace CertOperator.Issuers.Acme;

/// <summary>
/// What was found on the way of an order and is of use at its end. It is kept in memory only: what a restart loses is a hint.
/// </summary>
internal sealed class OrderFindings
{
    private readonly Dictionary<string, string> _looks = [];
    private readonly List<string> _notes = [];

    /// <summary>When what its names are validated by ends first; null if it is made anew each time.</summary>
    public Lapse? Lapse { get; private set; }

    /// <summary>What was left out of the order, in sentences; null if nothing.</summary>
    public string? Notes => _notes.Count == 0 ? null : string.Join(' ', _notes);

    public void Note(IEnumerable<string> notes) => _notes.AddRange(notes);

    /// <summary>What a look of one's own found when the CA was told to look, too.</summary>
    public void InPlace(Identifier name, Presentation.InPlace found)
    {
        if (found.Advice is { } advice)
            _looks[name.Value] = advice;
        if (found.Lapse is { } lapse && (Lapse is null || lapse.At < Lapse.At))
            Lapse = lapse;
    }

    /// <summary>What was amiss with a name before the CA looked; null if nothing.</summary>
    public string? LookAt(string name) => _looks.GetValueOrDefault(name);
}
