namespace CertOperator.Pki.Chains;

/// <summary>
/// A breadth-first search upwards. Each certificate is visited once, so that circles and cross-signatures cost at most a signature check a pair.
/// </summary>
internal sealed class ChainSearch(IReadOnlyList<IssuedCertificate> certificates, IReadOnlyList<IssuedCertificate> anchors)
{
    private readonly Dictionary<IssuedCertificate, IssuedCertificate?> _issued = [];

    public CertificateChain From(IssuedCertificate leaf)
    {
        var queue = new Queue<IssuedCertificate>([leaf]);
        _issued[leaf] = null;
        var last = leaf;
        while (queue.TryDequeue(out var current))
        {
            last = current;
            if (AnchorOf(current) is { } anchor)
                return ChainTo(current, anchor);
            foreach (var issuer in certificates.Where(candidate => !_issued.ContainsKey(candidate) && current.IsSignedBy(candidate)))
            {
                _issued[issuer] = current;
                queue.Enqueue(issuer);
            }
        }
        return ChainTo(last, anchor: null);
    }

    private IssuedCertificate? AnchorOf(IssuedCertificate certificate)
    {
        if (anchors.Count == 0)
            return certificate.IsSelfSigned ? certificate : null;
        return anchors.FirstOrDefault(anchor => IsSame(certificate, anchor))
            ?? anchors.FirstOrDefault(certificate.IsSignedBy);
    }

    private CertificateChain ChainTo(IssuedCertificate last, IssuedCertificate? anchor)
    {
        var path = new List<IssuedCertificate>();
        for (var current = last; current is not null; current = _issued[current])
            path.Insert(0, current);
        return new CertificateChain(path[0], [.. path.Skip(1).Where(issuer => !issuer.IsSelfSigned && !IsSame(issuer, anchor))], anchor);
    }

    private static bool IsSame(IssuedCertificate certificate, IssuedCertificate? other) =>
        other is not null && certificate.Der.Span.SequenceEqual(other.Der.Span);
}
