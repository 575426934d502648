namespace CertOperator.Testing.Acme.Faults;

/// <summary>How a reply reaches the client.</summary>
public enum ReplyDelivery
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>The connection breaks before the first octet.</summary>
    Lost,

    /// <summary>Status and headers, and then the connection breaks.</summary>
    Cut,

    /// <summary>A body without an end.</summary>
    Endless,

    /// <summary>Nothing, until the client gives up.</summary>
    Never,
}
