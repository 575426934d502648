using CertOperator.Runtime.Client;
using CertOperator.Runtime.Client.Http;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client.Http;

public sealed class KubePathTests
{
    [Fact]
    public void Paths_follow_the_API_conventions()
    {
        Assert.Equal("/api/v1/secrets", KubePath.Collection(Secret.Type, null));
        Assert.Equal("/api/v1/namespaces/shop/secrets", KubePath.Collection(Secret.Type, "shop"));
        Assert.Equal("/apis/networking.k8s.io/v1/namespaces/shop/ingresses/web", KubePath.Object(Ingress.Type, new ObjectKey("shop", "web")));
        Assert.Equal("/api/v1/namespaces/shop", KubePath.Object(Namespace.Type, ObjectKey.Cluster("shop")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../kube-system")]
    [InlineData("a%2fb")]
    public void A_name_that_would_address_something_else_is_refused(string name)
    {
        Assert.Equal(KubeFailure.Invalid, Assert.Throws<KubeException>(() => KubePath.Object(Secret.Type, new ObjectKey("shop", name))).Failure);
        Assert.Equal(KubeFailure.Invalid, Assert.Throws<KubeException>(() => KubePath.Object(Secret.Type, new ObjectKey(name, "web"))).Failure);
    }

    [Fact]
    public void A_name_cannot_end_the_path_or_begin_a_query()
        => Assert.Equal("/api/v1/namespaces/shop/secrets/a%3Fb%23c", KubePath.Object(Secret.Type, new ObjectKey("shop", "a?b#c")));

    [Fact]
    public void Queries_leave_out_what_is_not_asked_and_escape_the_rest()
        => Assert.Equal("?labelSelector=a%3Db%2Cc%21%3Dd&limit=5", KubePath.Query(("labelSelector", "a=b,c!=d"), ("continue", null), ("limit", KubePath.Number(5))));
}
